/** The build answers these imports with addresses (`build/site/`). */
declare module "*.jpg" {
  const address: string;
  export default address;
}

declare module "*.js?url" {
  const address: string;
  export default address;
}
