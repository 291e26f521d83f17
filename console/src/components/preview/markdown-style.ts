/** The frame has no style sheet of the console's; on white, as paper, in both themes. */
export const markdownStyle = `
body { max-width: 760px; margin: 0 auto; padding: 24px; color: #13211c; font: 15px/1.6 system-ui, sans-serif; overflow-wrap: anywhere }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.4em 0 .5em } h1 { font-size: 1.7em } h2 { font-size: 1.35em }
a { color: #0a6f5d } img { display: none }
pre, code { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; background: #f1f4f3; border-radius: 6px }
code { padding: .15em .35em } pre { padding: 12px 16px; overflow: auto } pre code { padding: 0; background: none }
blockquote { margin: 0; padding-left: 16px; border-left: 3px solid #d6deda; color: #56655f }
table { border-collapse: collapse; display: block; overflow: auto } th, td { border: 1px solid #d6deda; padding: 6px 12px }
hr { border: 0; border-top: 1px solid #e2e8e5 }`;
