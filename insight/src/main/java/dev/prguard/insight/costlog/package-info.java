/// The cost log of the earlier Python prototype, as spans.
@NullMarked
package dev.prguard.insight.costlog;

import org.jspecify.annotations.NullMarked;
