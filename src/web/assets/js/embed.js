// The player alone in another site's frame.
import "./player.js";
