/**
 * UniMiSS, one network for images and volumes (Xie et al., ECCV 2022; VoCo's Table 3): what a crop shows, its slices show.
 *
 * <p>Two views of a place and slices of both go through one encoder with DINO's head, and through a slow copy of them. What the student says of a
 * crop, and on average of its slices, is to be what the teacher says of the other crop, and of its slices ({@code Centred}). The teacher's
 * outputs are centred and sharpened; the centre moves after each of the four terms, and is part of a checkpoint.
 *
 * <p>Source: YtongXie/UniMiSS-code. Departures: any encoder in place of the transformer for both dimensions, so that a slice is shown as a
 * crop whose planes are all alike; its pooled levels, after a batch norm, in place of a class token; no radiographs; views that lie beside each
 * other; the learning rate is the run's, gradients are clipped together by the run's {@code optim.clip}, where that is not 0 as in {@code unimiss-tiny}, and not weight by weight, and the last layer moves from the first step on. In the authors' code
 * schedules are indexed by images and stepped by batches, so that they jump at the end of each epoch; here they are functions of the step.
 */
@NullMarked
package org.voco4j.pretext.unimiss;

import org.jspecify.annotations.NullMarked;
