// The player alone in another site's frame.
import { root } from "./dom.js";
import "./player.js";

root.classList.add('js');
