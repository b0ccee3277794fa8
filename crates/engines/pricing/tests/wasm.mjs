// Runs the tables as WebAssembly and prints their report; the argument is the module's file.
import { readFile } from 'node:fs/promises';

const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]), {});
instance.exports.main(0, 0);
const memory = Buffer.from(instance.exports.memory.buffer);
// The marks also stand in the program's own constants; the report is the text that has both and figures between them.
let begin = -1;
for (;;) {
  begin = memory.indexOf('KONTOR-REPORT-BEGIN\n', begin + 1);
  if (begin < 0) throw new Error('the module left no report');
  const end = memory.indexOf('KONTOR-REPORT-END\n', begin);
  const report = memory.subarray(begin, end + 'KONTOR-REPORT-END\n'.length).toString('utf8');
  if (end > 0 && /# pass \d+\n/.test(report)) {
    process.stdout.write(report);
    break;
  }
}
