// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.rule;

import io.tacho.aggregator.cluster.ClusterMetric;
import io.tacho.text.Glob;
import io.tacho.units.Durations;
import java.time.Duration;

/**
 * The fault that a rule detects: a lost node, an outlier, a node count, an absent label, a number of a node or of the cluster, its change, a
 * beat age, or a stale aggregator. The text form of a condition is its form in the alert file.
 */
public sealed interface Condition {

    /** A node was removed from the view because it stopped sending beats. */
    record LostNode(Glob nodeNames) implements Condition {
        @Override
        public String toString() {
            return "lost" + nodeFilter(nodeNames);
        }
    }

    /** A node is an outlier among its peers. */
    record OutlierNode(Glob nodeNames) implements Condition {
        @Override
        public String toString() {
            return "outlier" + nodeFilter(nodeNames);
        }
    }

    /** The number of nodes violates a threshold for a duration. */
    record NodeCount(Threshold threshold, Duration minDuration, Glob nodeNames) implements Condition {
        @Override
        public String toString() {
            return "nodes " + threshold.text()
                    + (minDuration.isZero() ? "" : " for " + Durations.format(minDuration))
                    + nodeFilter(nodeNames);
        }
    }

    /** No node has a label for a duration. */
    record AbsentLabel(String label, String value, Duration minDuration) implements Condition {
        @Override
        public String toString() {
            return "absent label=" + label + "=" + value
                    + (minDuration.isZero() ? "" : " for " + Durations.format(minDuration));
        }
    }

    /** A number of a node violates a threshold in several consecutive windows. */
    record NodeField(ClusterMetric metric, Threshold threshold, int consecutiveWindows, Glob nodeNames)
            implements Condition {
        @Override
        public String toString() {
            return metric + " " + threshold.text() + windowsSuffix(consecutiveWindows) + nodeFilter(nodeNames);
        }
    }

    /** A number of a node violates a multiple of the median of its peers in several consecutive windows. */
    record NodeFactor(ClusterMetric metric, MedianFactor factor, int consecutiveWindows, Glob nodeNames)
            implements Condition {
        @Override
        public String toString() {
            return metric + " " + factor.text() + windowsSuffix(consecutiveWindows) + nodeFilter(nodeNames);
        }
    }

    /** A number of a node changes by a percentage within several windows. */
    record NodeChange(ClusterMetric metric, Change change, Glob nodeNames) implements Condition {
        @Override
        public String toString() {
            return metric + " " + change.text() + nodeFilter(nodeNames);
        }
    }

    /** A cluster total changes by a percentage within several windows. */
    record ClusterChange(ClusterMetric metric, Change change) implements Condition {
        @Override
        public String toString() {
            return "cluster " + metric + " " + change.text();
        }
    }

    /** A cluster total violates a threshold in several consecutive windows. */
    record ClusterTotal(ClusterMetric metric, Threshold threshold, int consecutiveWindows) implements Condition {
        @Override
        public String toString() {
            return "cluster " + metric + " " + threshold.text() + windowsSuffix(consecutiveWindows);
        }
    }

    /** The time since a node's last beat violates a threshold. */
    record BeatAge(Threshold threshold, Glob nodeNames) implements Condition {
        @Override
        public String toString() {
            return "age " + threshold.text() + nodeFilter(nodeNames);
        }
    }

    /** The time for which the aggregator itself has not received from Redis violates a threshold. */
    record StaleAggregator(Threshold threshold) implements Condition {
        @Override
        public String toString() {
            return "stale " + threshold.text();
        }
    }

    /** Returns the part of the text form that states the number of windows. */
    private static String windowsSuffix(int windows) {
        return " for " + windows + (windows == 1 ? " window" : " windows");
    }

    private static String nodeFilter(Glob nodeNames) {
        return nodeNames.equals(Glob.ANY) ? "" : " node=" + nodeNames.pattern();
    }
}
