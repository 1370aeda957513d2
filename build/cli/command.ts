import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { Plain } from "../setup/say.mjs";

/** One command of `hemline`. */
export interface Command {
  /** How it is called, one line for each way. */
  readonly usage: string;
  /** `args`: what follows the command's name. Throws `Plain` for what a person can mend. */
  run(args: string[]): Promise<void>;
}

/** More than the usage, in `hemline <command> --help`. */
interface Described<O> {
  usage: string;
  options: O;
  help?: string;
}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>["values"];

/** A command that reads its options with `parseArgs`; `work` returns false for wrong positionals. */
export function command<const O extends ParseArgsOptionsConfig>(
  { usage, options, help = "" }: Described<O>,
  work: (positionals: string[], values: Values<O>) => Promise<void> | false,
): Command {
  return {
    usage,
    async run(args) {
      if (args.includes("--help") || args.includes("-h")) {
        return console.log(`usage:\n${usage}${help && `\n\n${help}`}`);
      }
      const { positionals, values } = parse(args, options, usage);
      const done = work(positionals, values as Values<O>);
      if (done === false) throw new Plain(`usage:\n${usage}`);
      await done;
    },
  };
}

function parse<O extends ParseArgsOptionsConfig>(args: string[], options: O, usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new Plain(`${(error as Error).message}\nusage:\n${usage}`);
  }
}
