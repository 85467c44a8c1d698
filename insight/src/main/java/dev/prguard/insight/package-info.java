/// What the spans say: dashboards, alerts and SLOs, the monthly report. Asks through
/// [dev.prguard.trace.query.TraceQueries] alone, so the embedded store and a Tempo answer alike.
@NullMarked
package dev.prguard.insight;

import org.jspecify.annotations.NullMarked;
