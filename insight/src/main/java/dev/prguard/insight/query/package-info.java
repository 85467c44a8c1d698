/// The questions that dashboards, alerts, the documents and the local check ask, each written once.
@NullMarked
package dev.prguard.insight.query;

import org.jspecify.annotations.NullMarked;
