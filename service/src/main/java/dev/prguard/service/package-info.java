/// The service: OTLP in, Tempo's API and a web page out, over one embedded store.
@NullMarked
package dev.prguard.service;

import org.jspecify.annotations.NullMarked;
