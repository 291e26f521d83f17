import { command, exportKeys, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export const goExample = (facts: ConnectionFacts): string =>
  `package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("${facts.region}"))
	check(err)
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.BaseEndpoint = aws.String("${facts.endpoint}")
		o.UsePathStyle = true
	})

	buckets, err := client.ListBuckets(ctx, &s3.ListBucketsInput{})
	check(err)
	for _, bucket := range buckets.Buckets {
		fmt.Println(aws.ToString(bucket.Name))
	}

	// go run . my-bucket: writes an object and reads it back
	if len(os.Args) > 1 {
		bucket, key := aws.String(os.Args[1]), aws.String("hello.txt")
		_, err = client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("Hello, vStorage")})
		check(err)
		object, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})
		check(err)
		defer object.Body.Close()
		_, err = io.Copy(os.Stdout, object.Body)
		check(err)
		fmt.Println()
	}
}
`;

export function sdkGo(facts: ConnectionFacts): Setup {
  return {
    name: 'AWS SDK for Go',
    website: 'https://pkg.go.dev/github.com/aws/aws-sdk-go-v2/service/s3',
    files: [{ name: 'main.go', place: null, contentType: 'text/plain; charset=utf-8', content: goExample(facts) }],
    commands: [
      command(
        'install',
        'go mod init example && go get github.com/aws/aws-sdk-go-v2/config github.com/aws/aws-sdk-go-v2/service/s3',
      ),
      command('configure', exportKeys(facts)),
      ...trustCa(facts.ca, (file) => `export AWS_CA_BUNDLE=${file}`),
      command('run', 'go run .'),
    ],
    fields: [],
  };
}
