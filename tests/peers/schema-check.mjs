// Holds the shipped JSON Schemas against the shipped configuration and device profiles with ajv, an independent
// validator: what an editor tells an engineer must be what the files say.
//
//   node schema-check.mjs [REPOSITORY]      exit 0 all valid, 3 something is not
//   node schema-check.mjs --self-test       also proves that the schemas refuse unknown keys and wrong types
import fs from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';

const root = path.resolve(
  process.argv.slice(2).find((arg) => !arg.startsWith('--')) ?? path.join(import.meta.dirname, '../..'),
);

/** JSON as people write it here: comments and trailing commas are allowed, inside strings nothing is touched. */
export function plainJson(text) {
  const token = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;
  return JSON.parse(text.replace(token, (found) => (found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '))));
}

function read(relative) {
  return plainJson(fs.readFileSync(path.join(root, relative), 'utf8'));
}

/** Every schema with the files it speaks about: `printer.schema.json` is for all of `printers/`. */
function pairs() {
  const profiles = fs.readdirSync(path.join(root, 'hardware-profiles')).filter((name) => name.endsWith('.schema.json'));
  return [
    { schema: 'config/edgeline.schema.json', files: ['config/edgeline.json'] },
    ...profiles.map((name) => {
      const folder = `hardware-profiles/${name.replace('.schema.json', 's')}`;
      const files = fs
        .readdirSync(path.join(root, folder))
        .filter((file) => file.endsWith('.json'))
        .map((file) => `${folder}/${file}`);
      return { schema: `hardware-profiles/${name}`, files };
    }),
  ];
}

function compile(schema) {
  // Strict: a misspelt keyword in a schema is an error, not a rule that is never applied.
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  return ajv.compile(read(schema));
}

const words = (errors) => errors.map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);

function check() {
  let files = 0;
  const problems = [];
  for (const pair of pairs()) {
    const validate = compile(pair.schema);
    for (const file of pair.files) {
      files++;
      if (!validate(read(file))) problems.push(...words(validate.errors).map((text) => `${file}: ${text}`));
    }
  }
  return { files, problems };
}

/** Breaks a good file in several ways; a schema that lets one through would tell an engineer nothing. */
function selfTest() {
  if (plainJson('{"a": "// no, /* comment */ ,]", /* x */ "b": [1, 2, // y\n ], }').b.length !== 2)
    throw new Error('self-test: comments');
  let refused = 0;
  for (const { schema, files } of pairs()) {
    const validate = compile(schema);
    for (const file of files) {
      for (const [name, broken] of mutations(read(file))) {
        if (validate(broken)) throw new Error(`self-test: ${schema} lets ${file} pass with ${name}`);
        refused++;
      }
    }
  }
  return refused;
}

function* mutations(good) {
  yield ['an unknown key', { ...good, unknwonKey: 1 }];
  for (const key of Object.keys(good).filter((one) => one !== '$schema')) {
    yield [`"${key}" of another type`, { ...good, [key]: typeof good[key] === 'number' ? 'text' : 12345.5 }];
    if (typeof good[key] === 'object' && good[key] !== null && !Array.isArray(good[key])) {
      yield [`an unknown key in "${key}"`, { ...good, [key]: { ...good[key], unknwonKey: 1 } }];
    }
  }
}

try {
  const { files, problems } = check();
  const refused = process.argv.includes('--self-test') ? selfTest() : null;
  console.log(
    `schema-check: ${files} files, ${problems.length} problems${refused === null ? '' : `, ${refused} broken files refused`}`,
  );
  for (const problem of problems) console.log(`  ${problem}`);
  process.exitCode = files > 0 && problems.length === 0 ? 0 : 3;
} catch (error) {
  console.error(`schema-check: ${error.message}`);
  process.exitCode = 1;
}
