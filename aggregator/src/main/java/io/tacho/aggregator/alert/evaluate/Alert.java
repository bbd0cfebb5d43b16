// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.alert.evaluate;

import io.tacho.aggregator.alert.rule.Rule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A violation of a rule over time: firing while it lasts, then resolved. There is at most one alert per rule and node at a time.
 *
 * @param id identifies this occurrence at all aggregators
 * @param rule the rule's name
 * @param severity the rule's severity when the alert started
 * @param violation the violation that started the alert
 * @param notified true if the webhook has accepted the firing alert
 * @param endsAt when the alert was resolved; null while it is firing
 * @param reason why the alert was resolved; empty while it is firing
 */
public record Alert(
        String id,
        String rule,
        String severity,
        Violation violation,
        Instant startsAt,
        boolean notified,
        @Nullable Instant endsAt,
        String reason) {

    /** The reason for which the alerts of a lost node are resolved. */
    static final String NODE_LOST = "the node is lost";

    /** Returns a new alert that is firing and not notified. */
    static Alert firing(String id, Rule rule, Violation violation, Instant startsAt) {
        return new Alert(id, rule.name(), rule.severity(), violation, startsAt, false, null, "");
    }

    /** Returns the key of the alert: the name of its rule and the uid of its node. */
    public String key() {
        return key(rule, violation.uid());
    }

    /** Returns the key of the alert of a rule and a node. */
    static String key(String rule, String uid) {
        return rule + "/" + uid;
    }

    /** {@return true if the alert is resolved, false if it is firing} */
    public boolean isResolved() {
        return endsAt != null;
    }

    /** {@return whether the alert ended only because its node is lost, which an alert of its own reports} */
    public boolean isEndedByLoss() {
        return isResolved() && reason.equals(NODE_LOST);
    }

    /** Returns this alert, marked as notified. */
    Alert asNotified() {
        return new Alert(id, rule, severity, violation, startsAt, true, endsAt, reason);
    }

    /** Returns this alert, resolved at a time for a reason. */
    public Alert asResolved(Instant at, String resolveReason) {
        return new Alert(id, rule, severity, violation, startsAt, notified, at, resolveReason);
    }

    /** Returns this alert, firing again, because the rule is violated again before a notification of the resolution was sent. */
    Alert reopened() {
        return new Alert(id, rule, severity, violation, startsAt, notified, null, "");
    }
}
