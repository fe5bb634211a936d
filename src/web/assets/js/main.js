// Every page. Progressive enhancement only: each page reads, and each clip plays, without any script.
import { one } from "./dom.js";
import { watchTheme } from "./theme.js";
import { watchTitles } from "./titles.js";
import { watchSigns } from "./signpop.js";
import { installWorker } from "./worker.js";

watchTheme();
watchTitles();
watchSigns();
installWorker();
one('[data-focus-now]')?.focus();
