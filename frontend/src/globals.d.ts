/** From package.json, set at build time. */
declare const PANEL_VERSION: string;
