import { command, exportKeys, trustCa, type ConnectionFacts, type Setup } from './setup.ts';

export const javaExample = (facts: ConnectionFacts): string =>
  `import java.net.URI;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

public class VStorage {
    public static void main(String[] args) {
        try (S3Client s3 = S3Client.builder()
                .endpointOverride(URI.create("${facts.endpoint}"))
                .region(Region.of("${facts.region}"))
                .forcePathStyle(true)
                .build()) {
            s3.listBuckets().buckets().forEach(bucket -> System.out.println(bucket.name()));

            // with a bucket's name as argument: writes an object and reads it back
            if (args.length > 0) {
                s3.putObject(r -> r.bucket(args[0]).key("hello.txt"), RequestBody.fromString("Hello, vStorage"));
                System.out.println(s3.getObjectAsBytes(r -> r.bucket(args[0]).key("hello.txt")).asUtf8String());
            }
        }
    }
}
`;

/** Fetches the SDK and what it needs into lib/. One version: for a range, Maven fetches the files of hundreds. */
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>vstorage-example</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>software.amazon.awssdk</groupId>
      <artifactId>s3</artifactId>
      <version>2.57.8</version>
    </dependency>
  </dependencies>
</project>
`;

const TRUST_STORE = '"$HOME/vstorage-truststore.p12"';

export function sdkJava(facts: ConnectionFacts): Setup {
  const trust =
    facts.ca === null ? '' : ` -Djavax.net.ssl.trustStore=${TRUST_STORE} -Djavax.net.ssl.trustStorePassword=changeit`;
  return {
    name: 'AWS SDK for Java',
    website: 'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/setup.html',
    files: [
      { name: 'VStorage.java', place: null, contentType: 'text/plain; charset=utf-8', content: javaExample(facts) },
      { name: 'pom.xml', place: null, contentType: 'application/xml', content: pom },
    ],
    commands: [
      command('install', 'mvn --quiet dependency:copy-dependencies -DoutputDirectory=lib'),
      command('configure', exportKeys(facts)),
      ...trustCa(
        facts.ca,
        (file) =>
          `keytool -importcert -noprompt -alias vstorage -file ${file} -storetype PKCS12 -keystore ${TRUST_STORE} -storepass changeit`,
      ),
      command('run', `java${trust} -cp 'lib/*' VStorage.java`),
    ],
    fields: [],
  };
}
