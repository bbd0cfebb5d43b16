// SPDX-License-Identifier: Apache-2.0
/**
 * The alert file: rules, silences and the URLs of the receivers.
 *
 * <p>Data flow: file → {@code AlertFileParser} → {@code Tokenizer}, line by line → {@code RuleParser}, {@code SilenceParser} and
 * {@code ReceiverUrl} → {@code AlertConfig}. A {@code Rule} has a name and a {@code Condition}; most conditions compare a value with
 * a {@code Threshold}. The package {@code evaluate} evaluates rules, the package {@code notify} sends notifications. This package
 * depends on neither.
 *
 * <p>Polarity: a condition describes a fault, not the healthy state. While its comparison is true, the rule is <em>violated</em>
 * and its alert <em>fires</em>. {@code nodes < 3} is violated while there are 2 nodes. A <em>silence</em> suppresses the
 * notifications about an alert, not the alert.
 */
@NullMarked
package io.tacho.aggregator.alert.rule;

import org.jspecify.annotations.NullMarked;
