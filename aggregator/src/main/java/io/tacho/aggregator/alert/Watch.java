// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges one rule, moment by moment. It looks only while the view can be trusted.
 *
 * <p>Thread safety: confined to one thread.
 */
interface Watch {

    /** Looks at the cluster as it is now. */
    void look(Moment now);

    /** What breaks the rule now, by uid; what is no node's by the empty text. */
    Map<String, Finding> found();

    /** Why an alert of this rule that is not among what was found is over; null while that cannot be said. */
    @Nullable
    String over(Alert alert);

    /** The judge of a rule; of one who is deaf judges somebody else. */
    static Watch of(Rule rule) {
        Condition condition = rule.condition();
        if (condition instanceof Condition.Lost lost) {
            return new LostWatch(lost);
        }
        if (condition instanceof Condition.NodeCount count) {
            return new CountWatch(count);
        }
        if (condition instanceof Condition.OfNode ofNode) {
            return new NodeWatch(ofNode);
        }
        if (condition instanceof Condition.OfCluster ofCluster) {
            return new ClusterWatch(ofCluster);
        }
        if (condition instanceof Condition.Age age) {
            return new AgeWatch(age);
        }
        throw new IllegalArgumentException(rule + " (expected: one about nodes)");
    }
}
