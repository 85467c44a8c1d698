/// What is drawn: panels over the questions of [dev.prguard.insight.query.ReviewQuery], and the
/// same answered locally.
@NullMarked
package dev.prguard.insight.dashboard;

import org.jspecify.annotations.NullMarked;
