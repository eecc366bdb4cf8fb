// Answers the requests of `python -m vectors --implementation` (docs/vectors.md) with SLH-DSA of @noble/post-quantum.
// The folder that it is installed in is the only argument: node noble_slh_dsa.mjs .peers
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(resolve(process.argv[2], "package.json")));
const load = (name) => import(pathToFileURL(require.resolve(name)));
const sets = await load("@noble/post-quantum/slh-dsa.js");
const { sha256, sha512 } = await load("@noble/hashes/sha2.js");
const { shake128_32, shake256_64 } = await load("@noble/hashes/sha3.js");
const hashes = { "SHA-256": sha256, "SHA-512": sha512, SHAKE128: shake128_32, SHAKE256: shake256_64 };

const octets = (digits) => Uint8Array.from(Buffer.from(digits, "hex"));
const digits = (octets) => Buffer.from(octets).toString("hex");

function perform(request) {
  const set = sets[request.parameters.toLowerCase().replaceAll("-", "_")];
  const extraEntropy = request.addrnd === undefined ? false : octets(request.addrnd);
  const [, action, internal] = /^slh_dsa_(keygen|sign|verify)(_internal)?$/.exec(request.operation);
  if (action === "keygen") {
    const { publicKey, secretKey } = set.keygen(octets(request.seed));
    return { pk: digits(publicKey), sk: digits(secretKey) };
  }
  const signer = internal ? set.internal : request.prehash === undefined ? set : set.prehash(hashes[request.prehash]);
  const context = internal ? {} : { context: octets(request.context) };
  const message = octets(request.message);
  if (action === "sign") {
    return { signature: digits(signer.sign(message, octets(request.sk), { ...context, extraEntropy })) };
  }
  const holds = signer.verify(octets(request.signature), message, octets(request.pk), context);
  return holds ? {} : { rejected: "the signature does not hold" };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  console.log(JSON.stringify({ id: request.id, ...perform(request) }));
}
