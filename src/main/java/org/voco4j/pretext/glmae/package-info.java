/**
 * GL-MAE: masked autoencoders on large and small crops of a scan at once, with a teacher (Zhuang et al. 2023, a row of VoCo's Table 1).
 *
 * <pre>
 *   p global and q local crops, masked  ► student ► hidden patches y, class token ► S
 *   the global crops, whole             ► teacher ► class token ► T        teacher ← m·teacher + (1 − m)·student
 *   L = R_global + R_local + β₁·C_gg + β₂·C_gl
 *   R = mean over hidden patches of (y − x)²      C = −Σ softmax((T − c)/τ_t)·log softmax(S/τ_s)      c ← 0.9·c + 0.1·mean T
 * </pre>
 *
 * <p>The authors published the transformer and a picture of the framework, no code of the pre-training. From the picture are: the two scales, the
 * masks on all of the student's crops and none on the teacher's, the square error, the two consistencies. All else is our reading: how many
 * crops, how large, how many patches are hidden; that crops are resized to one shape, so that one table of places serves; sines and cosines for
 * places; the projector, the consistency, centre, temperatures and momentum as DINO has them (Caron et al., ICCV 2021), without its layer of
 * prototypes, and so without the narrow layer before it. The other consistency that is offered is BYOL's, with a predictor on the student's side.
 *
 * <p>What a small network's class token says differs little between crops at first: with DINO's 0.04 for τ_t all targets become uniform on
 * synthetic torsos and teach nothing, with 0.01 and β of 0.01 they part after some hundred steps. {@link
 * org.voco4j.pretext.part.TargetEntropy#of} is written beside the loss, so that it is seen.
 *
 * <p>No layer mixes samples, so crops may go through in chunks; the centre moves once in a step, by what the teacher says of all crops.
 */
@NullMarked
package org.voco4j.pretext.glmae;

import org.jspecify.annotations.NullMarked;
