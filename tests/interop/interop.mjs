// The other side: jose (https://github.com/panva/jose). verify FOLDER: tokens that Writ signed; make FOLDER: tokens for
// Writ.
import {readFileSync, writeFileSync, readdirSync} from 'node:fs';
import assert from 'node:assert/strict';
import * as jose from 'jose';

const [, , action, folder] = process.argv;
const issuer = 'https://as.example';
const audience = 'https://billing.example';
const algorithms = ['EdDSA', 'ES256', 'RS256', 'PS256', 'HS256'];
const read = (name) => readFileSync(`${folder}/${name}`, 'utf8').trim();
const write = (name, text) => writeFileSync(`${folder}/${name}`, text + '\n');

// The one file of a folder that `writ keys new` made.
const privateKey = (name) => {
  const files = readdirSync(`${folder}/${name}`).filter((file) => file.endsWith('.jwk'));
  assert.equal(files.length, 1);
  return JSON.parse(readFileSync(`${folder}/${name}/${files[0]}`, 'utf8'));
};

async function verify() {
  for (const alg of algorithms) {
    const token = read(`ours.${alg}`);
    const own = privateKey(`keys.${alg}`);
    assert.equal(await jose.calculateJwkThumbprint(own), own.kid, alg);
    const set = JSON.parse(read(`ours.${alg}.jwks`));
    const key = alg === 'HS256' ? await jose.importJWK(own, alg) : jose.createLocalJWKSet(set);
    const settings = {issuer, audience, typ: 'at+jwt', algorithms: [alg]};
    const {payload, protectedHeader} = await jose.jwtVerify(token, key, settings);
    assert.deepEqual(payload, JSON.parse(read('claims')), alg);
    assert.equal(protectedHeader.kid, own.kid, alg);
    const last = token.at(-10) === 'A' ? 'B' : 'A';
    await assert.rejects(jose.jwtVerify(token.slice(0, -10) + last + token.slice(-9), key, settings), alg);
    await assert.rejects(jose.jwtVerify(token, key, {...settings, audience: 'https://other.example'}), alg);
  }
}

async function make() {
  for (const alg of algorithms) {
    const pair = alg === 'HS256' ? await jose.generateSecret(alg, {extractable: true})
                                 : await jose.generateKeyPair(alg, {extractable: true});
    const open = await jose.exportJWK(pair.publicKey ?? pair);
    const kid = await jose.calculateJwkThumbprint(open);
    write(`theirs.${alg}.jwks`, JSON.stringify({keys: [{...open, alg, kid, use: 'sig'}]}));
    write(`theirs.${alg}.kid`, kid);
    const token = await new jose.SignJWT(JSON.parse(read('claims')))
        .setProtectedHeader({typ: 'at+jwt', kid, alg}).sign(pair.privateKey ?? pair);
    write(`theirs.${alg}`, token);
    if (alg === 'HS256') continue;
    write(`theirs.${alg}.public.pem`, await jose.exportSPKI(pair.publicKey));
    write(`theirs.${alg}.private.pem`, await jose.exportPKCS8(pair.privateKey));
    write(`theirs.${alg}.dpop`, await new jose.SignJWT({jti: 'p1', htm: 'POST', htu: `${issuer}/token`, iat: 1000})
        .setProtectedHeader({typ: 'dpop+jwt', alg, jwk: open}).sign(pair.privateKey));
  }
}

await {verify, make}[action]();
