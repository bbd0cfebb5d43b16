// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import io.tacho.aggregator.api.Glob;
import io.tacho.model.Field;
import io.tacho.units.Durations;
import java.time.Duration;

/** What a rule is about. As text it is as it is written in the file. */
sealed interface Condition {

    /** A node was given up for silence. */
    record Lost(Glob nodes) implements Condition {
        @Override
        public String toString() {
            return "lost" + of(nodes);
        }
    }

    /** How many nodes there are, for that long. */
    record NodeCount(Bound bound, Duration hold, Glob nodes) implements Condition {
        @Override
        public String toString() {
            return "nodes " + bound.text() + (hold.isZero() ? "" : " for " + Durations.format(hold)) + of(nodes);
        }
    }

    /** A field of a node, in so many of its windows in a row. */
    record OfNode(Field field, Bound bound, int windows, Glob nodes) implements Condition {
        @Override
        public String toString() {
            return field.wireName() + " " + bound.text() + during(windows) + of(nodes);
        }
    }

    /** A number of the whole cluster, in so many windows in a row. */
    record OfCluster(String field, Bound bound, int windows) implements Condition {
        @Override
        public String toString() {
            return "cluster " + field + " " + bound.text() + during(windows);
        }
    }

    /** How long ago a node's last beat is. */
    record Age(Bound bound, Glob nodes) implements Condition {
        @Override
        public String toString() {
            return "age " + bound.text() + of(nodes);
        }
    }

    /** For how long an aggregator has not been able to follow Redis. */
    record Stale(Bound bound) implements Condition {
        @Override
        public String toString() {
            return "stale " + bound.text();
        }
    }

    private static String during(int windows) {
        return " for " + windows + (windows == 1 ? " window" : " windows");
    }

    private static String of(Glob nodes) {
        return nodes.equals(Glob.ANY) ? "" : " node=" + nodes.pattern();
    }
}
