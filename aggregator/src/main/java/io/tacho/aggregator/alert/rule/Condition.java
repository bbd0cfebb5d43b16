// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.model.Field;
import io.tacho.text.Glob;
import io.tacho.units.Durations;
import java.time.Duration;

/**
 * What a rule checks: the age of beats, a field, a node count, a cluster total, lost nodes, or a stale aggregator. The text form of a condition is its form in the file.
 */
public sealed interface Condition {

    /** A node was evicted because it stopped sending beats. */
    record Lost(Glob nodes) implements Condition {
        @Override
        public String toString() {
            return "lost" + nodeFilter(nodes);
        }
    }

    /** The number of nodes violates a threshold for a duration. */
    record NodeCount(Threshold threshold, Duration minDuration, Glob nodes) implements Condition {
        @Override
        public String toString() {
            return "nodes " + threshold.text()
                    + (minDuration.isZero() ? "" : " for " + Durations.format(minDuration))
                    + nodeFilter(nodes);
        }
    }

    /** A field of a node violates a threshold in several consecutive windows. */
    record NodeField(Field field, Threshold threshold, int windows, Glob nodes) implements Condition {
        @Override
        public String toString() {
            return field.wireName() + " " + threshold.text() + windowsSuffix(windows) + nodeFilter(nodes);
        }
    }

    /** A cluster total violates a threshold in several consecutive windows. */
    record ClusterTotal(ClusterMetric metric, Threshold threshold, int windows) implements Condition {
        @Override
        public String toString() {
            return "cluster " + metric + " " + threshold.text() + windowsSuffix(windows);
        }
    }

    /** The time since a node's last beat violates a threshold. */
    record Age(Threshold threshold, Glob nodes) implements Condition {
        @Override
        public String toString() {
            return "age " + threshold.text() + nodeFilter(nodes);
        }
    }

    /** The time for which an aggregator has not received from Redis violates a threshold. */
    record Stale(Threshold threshold) implements Condition {
        @Override
        public String toString() {
            return "stale " + threshold.text();
        }
    }

    /** Returns the part of the text form that states the number of windows. */
    private static String windowsSuffix(int windows) {
        return " for " + windows + (windows == 1 ? " window" : " windows");
    }

    private static String nodeFilter(Glob nodes) {
        return nodes.equals(Glob.ANY) ? "" : " node=" + nodes.pattern();
    }
}
