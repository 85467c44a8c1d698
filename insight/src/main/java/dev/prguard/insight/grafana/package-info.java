/// The definitions in Grafana's own formats, and their way into a Grafana over HTTP.
@NullMarked
package dev.prguard.insight.grafana;

import org.jspecify.annotations.NullMarked;
