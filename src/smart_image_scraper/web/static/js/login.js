// A page that stands alone, such as the way in, needs no script but for the theme that was chosen on this device.

import { applyTheme } from "./theme.js";

applyTheme();
