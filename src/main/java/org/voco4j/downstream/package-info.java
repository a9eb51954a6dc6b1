/**
 * What a pre-trained network is fine-tuned for, one file per equation.
 *
 * <table>
 * <caption>The segmentation loss</caption>
 * <tr><th>equation</th><th>class</th></tr>
 * <tr><td>1 − 2·|P∩Y| / (|P| + |Y|)</td><td>{@link org.voco4j.downstream.DiceLoss}</td></tr>
 * <tr><td>−Σ y·log p</td><td>{@link org.voco4j.downstream.CrossEntropy}</td></tr>
 * <tr><td>their weighted sum</td><td>{@link org.voco4j.downstream.DiceCrossEntropy}</td></tr>
 * </table>
 */
@NullMarked
package org.voco4j.downstream;

import org.jspecify.annotations.NullMarked;
