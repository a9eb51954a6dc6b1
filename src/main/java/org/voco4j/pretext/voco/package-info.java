/**
 * VoCo: volume contrast (Wu, Zhuang, Chen, CVPR 2024), one file per equation.
 *
 * <p>An unlabelled scan is cut into n base crops; a random crop is taken; the network is asked which bases it overlaps,
 * and by how much.
 *
 * <pre>
 *   scan ──┬─ n base crops ──────► encoder ► pool ► projector ► q_1 … q_n ──┬─► L_reg  (Eq. 4, 5)
 *          └─ K random crops ────► encoder ► pool ► projector ► p ──────────┴─► l_i = cos(p, q_i)  (Eq. 1)
 *                  └─ overlap with each base ─► y_i ───────────────────────────► L_pred (Eq. 2, 3)
 * </pre>
 *
 * <table>
 * <caption>Where each piece of the paper is, and what proves it</caption>
 * <tr><th>paper</th><th>class</th><th>test</th><th>released code (commit ba7b7bd)</th></tr>
 * <tr><td>§3.1 base crops</td><td>{@link org.voco4j.pretext.voco.BaseCrops}</td><td>PositionLabelsTest</td>
 *     <td>utils/data_utils.py</td></tr>
 * <tr><td>§3.1 random crop</td><td>{@link org.voco4j.pretext.part.RandomCrop}</td><td>PositionLabelsTest</td>
 *     <td>utils/data_utils.py</td></tr>
 * <tr><td>§3.2 position labels y</td><td>{@link org.voco4j.pretext.voco.PositionLabels}</td><td>PositionLabelsTest</td>
 *     <td>get_position_label</td></tr>
 * <tr><td>§3.2 Eq. 1, logits l</td><td>{@link org.voco4j.pretext.voco.PositionLogits}</td><td>LossesTest</td>
 *     <td>online_assign</td></tr>
 * <tr><td>§3.2 Eq. 2 and 3, L_pred</td><td>{@link org.voco4j.pretext.voco.PredictionLoss}</td><td>LossesTest</td>
 *     <td>ce_loss</td></tr>
 * <tr><td>§3.3 Eq. 4 to 6, L_reg</td><td>{@link org.voco4j.pretext.voco.RegularizationLoss}</td><td>LossesTest</td>
 *     <td>regularization_loss</td></tr>
 * <tr><td>§3.3 Eq. 7, L</td><td>{@link org.voco4j.pretext.voco.ContrastLoss}, in a step {@link
 *     org.voco4j.pretext.voco.VoCo}</td><td>VoCoTest, ReleasedModelTest</td><td>VoCoHead</td></tr>
 * <tr><td>– (not in the paper)</td><td>{@link org.voco4j.pretext.voco.Follower}, by {@link
 *     org.voco4j.pretext.part.MomentumTeacher}</td><td>VoCoTest</td>
 *     <td>_EMA_update_encoder_teacher</td></tr>
 * <tr><td>§4.1 backbone</td><td>{@link org.voco4j.network.transformer.SwinUnetrEncoder}</td><td>SwinUnetrTest</td><td>Swin</td></tr>
 * <tr><td>– (the paper's batch in less memory)</td><td>{@link org.voco4j.network.Chunks}</td><td>ChunksTest</td><td>–</td></tr>
 * <tr><td>§3.2 projector</td><td>{@link org.voco4j.network.head.ProjectionHead}</td><td>ProjectionHeadTest</td>
 *     <td>projection_head</td></tr>
 * <tr><td>– (did it learn?)</td><td>{@link org.voco4j.pretext.gate.EncoderGate}</td><td>VoCoTest</td><td>–</td></tr>
 * </table>
 *
 * <p>Where the paper, its released code, the authors' later code and nnssl differ, {@link org.voco4j.pretext.voco.Variant} names
 * them (TpamiTest, NnsslTest), and each difference is one option of {@link org.voco4j.pretext.voco.VoCoOptions}: {@link
 * org.voco4j.pretext.voco.ViewWindow}, {@link org.voco4j.pretext.voco.FeatureDropout}, {@link org.voco4j.pretext.voco.Teacher}, ….
 */
@NullMarked
package org.voco4j.pretext.voco;

import org.jspecify.annotations.NullMarked;
