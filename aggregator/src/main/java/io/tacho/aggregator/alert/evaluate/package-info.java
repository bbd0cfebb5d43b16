// SPDX-License-Identifier: Apache-2.0
/**
 * Evaluates the rules and keeps the alerts.
 *
 * <p>Data flow: cluster view → {@code EvaluationContext} → one {@code RuleEvaluator} per rule → {@code Violation}s → {@code
 * AlertReconciler} → {@code AlertChangeSet} → {@code AlertStoreClient} → alert store in Redis. Every aggregator evaluates all rules;
 * only the leader writes the shared alerts. The package {@code notify} calls this package once a second.
 *
 * <p>Terms:
 *
 * <ul>
 *   <li>Violation: the rule's comparison is true now. Alert: a violation over time; it is firing while the violation lasts, then
 *       resolved.
 *   <li>Beat: the heartbeat that a node publishes, with its metrics.
 *   <li>Window: the metrics interval that a beat reports on; several beats repeat the same window.
 *   <li>Lost: the node stopped sending beats without announcing its departure, and was removed from the view.
 *   <li>Left: the node announced its departure and was removed from the view.
 *   <li>Stale: the view of an aggregator may have missed changes, because it does not receive from Redis.
 *   <li>Leader: the aggregator that holds the lease of the alert store.
 *   <li>Notified: the webhook accepted a notification about the alert; this is stored with the alert.
 * </ul>
 */
@NullMarked
package io.tacho.aggregator.alert.evaluate;

import org.jspecify.annotations.NullMarked;
