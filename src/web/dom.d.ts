/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  // biome-ignore lint/style/noDefaultExport: the form in which vite hands over CSS modules.
  export default classes;
}

declare module '*.css' {}
