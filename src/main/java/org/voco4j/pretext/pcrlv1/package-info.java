/**
 * PCRLv1, preservational contrast (Zhou et al., ICCV 2021; VoCo's Tables 1 to 5 and 11): C2L's question of a slow copy's keys, and a decoder that
 * must show a crop, and mixtures of crops, in a pose that it is told.
 *
 * <pre>
 *   e, e': network's and copy's maps    d, d': the deepest of them    g(c) = σ(linear(relu(linear(c))))    c: the pose, 7 numbers
 *   x: a crop, distorted    m: x flipped and turned by c    t: the crop before    x̃, t̃: mixed with others of the step by λ
 *
 *   restored      deepest map                                   other maps                    to be
 *   of x₁         d(x₁)·g(c₁)                                   e(x₁)                         m₁
 *   of both       α₁·d(x₁)·g(c₁) + (1 − α₁)·d'(x₂)·g(c₂)        α₁·e(x₁) + (1 − α₁)·e'(x₂)    α₁·m₁ + (1 − α₁)·m₂
 *   of x̃₁         d(x̃₁)                                         e(x̃₁)                         t̃₁
 *   of both       α₂·d(x̃₁) + (1 − α₂)·d'(x̃₂)                    α₂·e(x̃₁) + (1 − α₂)·e'(x̃₂)    α₂·t̃₁ + (1 − α₂)·t̃₂
 *
 *   L = ⅓·[ C(q, k) + C(q̃, k̃) + C(q̃, λ·k + (1 − λ)·k_π) ] + ¼·(sum of the four mean squared errors)
 *   q = h(mean of d(x₁)),  k = h'(mean of d'(x₂));  q̃ and k̃ of x̃₁ and x̃₂;  C: {@link org.voco4j.pretext.part.pair.KeyLoss}
 * </pre>
 *
 * <p>λ, α₁ and α₂ lie in [½, 1] and come from the step's draws. Code: Luchixiang/PCRL, the authors' improved release, whose gates stand for the
 * paper's outer product. Encoder and decoder are handed on, the head and the gates are not.
 *
 * <p>Departures: in the source t is the crop before it was flipped, scaled and turned, so that it does not lie as x does ({@code variant:
 * released}); here x is distorted t alone ({@code aligned}). Any network for segmentation, of whose maps the deepest is gated. The hidden layer of the
 * head has a batch norm ({@code projector.norm: none} is the source's): without it queries stayed alike in 300 steps on small torsos. Whether boxes are
 * painted inside or around is drawn for each crop. Of images of one slice crops are parts of their area, and squares are cut out of them instead, as in
 * the source's 2-D form. The batch that the source shuffles for its copy matters on several cards only.
 */
@NullMarked
package org.voco4j.pretext.pcrlv1;

import org.jspecify.annotations.NullMarked;
