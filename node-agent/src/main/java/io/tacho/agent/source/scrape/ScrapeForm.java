// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.scrape;

import java.util.List;
import java.util.Set;

/**
 * The metrics that a source reads.
 *
 * @param program whose metrics these are, for errors: {@code a Centrifugo, v3 to v6}
 * @param prefix which the program's own metrics have in common; callers leave it out. Empty for none
 * @param required names without the prefix; a response without any of them is not of the program. Empty to accept any response
 * @param wanted prefixes of the names that are kept, in full
 * @param labels which the caller distinguishes; series of deltas that differ in other labels may be added up
 */
public record ScrapeForm(
        String program, String prefix, List<String> required, List<String> wanted, Set<String> labels) {

    /** Creates a form with its own copies of the lists. */
    public ScrapeForm {
        required = List.copyOf(required);
        wanted = List.copyOf(wanted);
        labels = Set.copyOf(labels);
    }

    /** Creates a form that distinguishes no labels. */
    public ScrapeForm(String program, String prefix, List<String> required, List<String> wanted) {
        this(program, prefix, required, wanted, Set.of());
    }

    /** Returns whether a metric is kept. */
    public boolean wants(String name) {
        return wanted.stream().anyMatch(name::startsWith);
    }
}
