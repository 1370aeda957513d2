/** What runs on this machine, as far as a start must know to clean up after a killed one. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "./paths.mjs";

/** Ids of this checkout's processes in a process group: `[]` where it is gone or not ours. */
export function ours(group) {
  return list()
    .filter((process) => process.group === group && process.command.includes(ROOT))
    .map((process) => process.id);
}

export function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Asks the group's processes to end, and insists after `patience` ms. */
export async function endGroup(group, patience = 3000) {
  signal(ours(group), "SIGTERM");
  for (let waited = 0; waited < patience; waited += 100) {
    if (ours(group).length === 0) return;
    await sleep(100);
  }
  signal(ours(group), "SIGKILL");
}

function signal(ids, name) {
  for (const id of ids) {
    try {
      process.kill(id, name);
    } catch {
      // it has ended meanwhile
    }
  }
}

function list() {
  if (process.platform === "linux") return fromProc();
  if (process.platform === "win32") return [];
  const text = execFileSync("ps", ["-A", "-o", "pid=,pgid=,command="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [, id, group, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id ? [{ id: Number(id), group: Number(group), command }] : [];
  });
}

/** Linux without `ps`, which slim images lack. */
function fromProc() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        // The name in parentheses may hold anything; state, parent and group follow it.
        const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return state === "Z" ? [] : [{ id: Number(name), group: Number(group), command }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}
