import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/**
 * The installation's own certificate authority, for floors without a certificate. Its key never
 * leaves the machine; the sign-in page offers its root.
 */
export type LanCertificate = {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly authorityFile: string;
};

const AUTHORITY_YEARS = 5;
/** Browsers refuse server certificates that live longer (CA/Browser Forum ballot SC22). */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export async function lanCertificate(folder: string, address: string): Promise<LanCertificate> {
  const files = {
    certificateFile: join(folder, `${address}.crt`),
    keyFile: join(folder, `${address}.key`),
    authorityFile: join(folder, 'authority.crt'),
  };
  if (isCurrent(files.certificateFile)) return files;
  x509.cryptoProvider.set(webcrypto as Crypto);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = await loadOrMakeAuthority(folder, files.authorityFile);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${address}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + SERVER_DAYS * DAY_MS),
    publicKey: keys.publicKey as CryptoKey,
    signingKey: authority.key as CryptoKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: /^[\d.]+$|:/.test(address) ? 'ip' : 'dns', value: address },
      ]),
    ],
  });
  writeFileSync(files.keyFile, await keyPem(keys.privateKey), { mode: 0o600 });
  writeFileSync(
    files.certificateFile,
    `${certificate.toString('pem')}\n${authority.certificate.toString('pem')}\n`,
  );
  return files;
}

function isCurrent(file: string): boolean {
  if (!existsSync(file)) return false;
  const certificate = new x509.X509Certificate(readFileSync(file, 'utf8'));
  return certificate.notAfter.getTime() > Date.now() + RENEW_DAYS * DAY_MS;
}

type Authority = { readonly certificate: x509.X509Certificate; readonly key: webcrypto.CryptoKey };

async function loadOrMakeAuthority(folder: string, file: string): Promise<Authority> {
  const keyFile = join(folder, 'authority.key');
  if (existsSync(file) && existsSync(keyFile)) {
    const der = x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8'));
    const key = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
    return { certificate: new x509.X509Certificate(readFileSync(file, 'utf8')), key };
  }
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Cadencia, OU=local authority of this installation',
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + AUTHORITY_YEARS * 365 * DAY_MS),
    keys: keys as CryptoKeyPair,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  writeFileSync(keyFile, await keyPem(keys.privateKey), { mode: 0o600 });
  writeFileSync(file, `${certificate.toString('pem')}\n`);
  return { certificate, key: keys.privateKey };
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

function serial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(16))).toString('hex');
}
