/** A page without script, for what is said before the workbench itself can be shown. @param next where it goes on to */
export const plainPage = (title: string, hint?: string, next?: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
${next === undefined ? '' : `<meta http-equiv="refresh" content="0; url=${escaped(next)}">\n`}<title>campus-lake</title>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${hint === undefined ? '' : `<p>${escaped(hint)}</p>\n`}${next === undefined ? '' : `<p><a href="${escaped(next)}">Go on</a></p>\n`}</main>
</body>
</html>
`;

/** Text as HTML. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
