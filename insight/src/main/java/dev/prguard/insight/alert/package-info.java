/// When somebody should look: service level objectives, alert rules, and their evaluation on spans.
@NullMarked
package dev.prguard.insight.alert;

import org.jspecify.annotations.NullMarked;
