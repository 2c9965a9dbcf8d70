// Parses the Mermaid snapshots and renders the DOT ones, each with the tool itself: Mermaid, and
// Graphviz compiled to WebAssembly. `npm ci && npm run check`.

import { readFileSync, readdirSync } from "node:fs";
import { instance } from "@viz-js/viz";
import { JSDOM } from "jsdom";

// Mermaid cleans labels with the help of a document.
const { window } = new JSDOM();
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
const graphviz = await instance();

const snapshots = new URL("../snapshots/", import.meta.url);
let read = 0;
for (const name of readdirSync(snapshots)) {
  const text = readFileSync(new URL(name, snapshots), "utf8");
  if (name.endsWith(".mmd")) {
    const { diagramType } = await mermaid.parse(text);
    if (!diagramType.startsWith("flowchart")) throw new Error(`${name}: ${diagramType}`);
  } else if (name.endsWith(".dot")) {
    const { status, output, errors } = graphviz.render(text, { format: "svg" });
    if (status !== "success" || errors.length > 0) {
      throw new Error(`${name}: ${errors.map((error) => error.message).join("; ")}`);
    }
    const nodes = text.match(/^ *\w+ \[label=/gm).length;
    const drawn = output.match(/class="node"/g).length;
    if (nodes !== drawn) throw new Error(`${name}: ${drawn} of ${nodes} nodes are drawn`);
  } else {
    continue;
  }
  console.log(`${name} is accepted`);
  read += 1;
}
if (read === 0) throw new Error("there are no snapshots");
