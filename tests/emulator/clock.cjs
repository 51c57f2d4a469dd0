// Loaded before the emulator, which knows the machine's clock only: with EMULATOR_BEGINS that clock begins then.
const begins = process.env.EMULATOR_BEGINS;
if (begins) {
  const Machine = Date;
  const ahead = Machine.parse(begins) - Machine.now();
  globalThis.Date = class extends Machine {
    constructor(...told) {
      told.length ? super(...told) : super(Machine.now() + ahead);
    }
    static now() {
      return Machine.now() + ahead;
    }
  };
}
