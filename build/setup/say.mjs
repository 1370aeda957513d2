/** One line to the person at the terminal. */
export function say(line) {
  process.stderr.write(`hemline: ${line}\n`);
}

/** A failure that a person can act on: printed without a stack. */
export class Plain extends Error {}

/** Runs an entry point; a `Plain` failure becomes its message and exit status 1. */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Plain)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
