// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.util.concurrent.CompletableFuture;

/** Obtains the current metrics of a program. */
public interface MetricsReader {

    /** Returns the metrics; exceptionally with the cause if there are none. */
    CompletableFuture<Scrape> scrape();
}
