import type { Schemas } from '../api';

/** Most bytes of a whole mail, as Gmail takes it. */
export const MOST_BYTES = 25 * 1024 * 1024;

/** Room for headers, text and the borders between parts. */
const ALLOWANCE = 64 * 1024;

/** Bytes that a file takes in a mail: base64 in lines of 76 characters. */
export function sizeInMail(bytes: number): number {
  const encoded = Math.ceil(bytes / 3) * 4;
  return encoded + 2 * Math.ceil(encoded / 76);
}

/** Why these files do not fit into one mail; undefined when they do. */
export function whyTooLarge(files: readonly Pick<File, 'size'>[]): string | undefined {
  const travelling = files.reduce((sum, { size }) => sum + sizeInMail(size), ALLOWANCE);
  if (travelling <= MOST_BYTES) return undefined;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return `Together ${readableSize(total)}, which grows to ${readableSize(travelling)} in a mail. A mail holds 25 MiB.`;
}

export function readableSize(bytes: number): string {
  if (bytes < 1024) return `${String(bytes)} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export async function encoded(file: File): Promise<Schemas['NewAttachment']> {
  return {
    file_name: file.name,
    media_type: file.type || 'application/octet-stream',
    content: await base64Of(file),
  };
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = reader.result as string;
      resolve(url.slice(url.indexOf(',') + 1));
    };
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}
