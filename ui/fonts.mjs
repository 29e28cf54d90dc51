// SPDX-FileCopyrightText: 2026 The hoctap authors
// SPDX-License-Identifier: Apache-2.0

// Makes ui/fonts/ from the font packages: one merged Vietnamese file a weight (the vendors' split files break
// kerning inside words such as "Nguyễn"), digits alone from Inter, whole files where the licence reserves the name.
import { mkdir, readFile, writeFile, copyFile } from "node:fs/promises";
import subsetFont from "subset-font";

const packages = new URL("node_modules/", import.meta.url);
const out = new URL("fonts/", import.meta.url);

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join("");
const vietnamese = letters(
  ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"],
  ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"],
);
const marks = "\u0300\u0301\u0303\u0309\u0323";
const signs = "\u00a0–—‘’“”…•·×°±≥≤−₫§«»→←↑↓";
const text = ascii + vietnamese + marks + signs;

// letters gives each vowel with each tone in both cases, and đ.
function letters(vowels, tones) {
  const lower = vowels.flatMap((v) => tones.map((t) => (v + t).normalize("NFC"))).join("") + "đ";
  return lower + lower.toUpperCase();
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join("");

const expo = (family, folder, file) => new URL(`@expo-google-fonts/${family}/${folder}/${file}.ttf`, packages);

async function subset(source, target, characters, options = {}) {
  const font = await subsetFont(await readFile(source), characters, { targetFormat: "woff2", noHinting: true, ...options });
  await writeFile(new URL(target, out), font);
  console.log(`${target} ${(font.length / 1024).toFixed(1)} KB`);
}

await mkdir(out, { recursive: true });

for (const [weight, folder] of [["400", "400Regular"], ["600", "600SemiBold"], ["700", "700Bold"]]) {
  await subset(expo("be-vietnam-pro", folder, `BeVietnamPro_${folder}`), `ht-sans-${weight}.woff2`, text);
}
await subset(new URL("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", packages), "ht-num.woff2", "%+,-./0123456789:−", {
  variationAxes: { wght: { min: 400, max: 700, default: 400 } },
});
for (const [name, folder] of [["400", "400Regular"], ["400-italic", "400Regular_Italic"], ["700", "700Bold"], ["700-italic", "700Bold_Italic"]]) {
  await subset(expo("tinos", folder, `Tinos_${folder}`), `ht-doc-${name}.woff2`, text);
}
// The same face for PDF, with all Latin letters: names of every people of the country, and what foreigners are called.
const latin = range(0x20, 0x7e) + range(0xa0, 0x24f) + range(0x300, 0x36f) + range(0x1e00, 0x1eff) + range(0x2010, 0x2044) + range(0x2070, 0x209f) + range(0x20a0, 0x20bf) + "←↑→↓−≈≠≤≥√∞■□▪●◦✓✗☐☑";
for (const [name, folder] of [["400", "400Regular"], ["400-italic", "400Regular_Italic"], ["700", "700Bold"], ["700-italic", "700Bold_Italic"]]) {
  const font = await subsetFont(await readFile(expo("tinos", folder, `Tinos_${folder}`)), latin, { targetFormat: "truetype", noHinting: true, noLayoutClosure: true });
  await writeFile(new URL(`tinos-${name}.ttf`, out), font);
  console.log(`tinos-${name}.ttf ${(font.length / 1024).toFixed(1)} KB`);
}
for (const [name, folder] of [["400", "400Regular"], ["400-italic", "400Regular_Italic"], ["700", "700Bold"]]) {
  await copyFile(expo("lora", folder, `Lora_${folder}`), new URL(`lora-${name}.ttf`, out));
}

for (const [name, source] of [
  ["be-vietnam-pro", "@expo-google-fonts/be-vietnam-pro/LICENSE_FONT"],
  ["lora", "@expo-google-fonts/lora/LICENSE_FONT"],
  ["tinos", "@expo-google-fonts/tinos/LICENSE_FONT"],
  ["inter", "@fontsource-variable/inter/LICENSE"],
]) {
  await copyFile(new URL(source, packages), new URL(`OFL-${name}.txt`, out));
}
