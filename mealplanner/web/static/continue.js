"use strict";

// Send the form that only carries on, so that the person need not press its button.
document.querySelector("form[data-continue]")?.requestSubmit();
