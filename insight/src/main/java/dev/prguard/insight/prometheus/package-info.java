/// The alert rules for Prometheus and Mimir, and spans as Prometheus metrics.
@NullMarked
package dev.prguard.insight.prometheus;

import org.jspecify.annotations.NullMarked;
