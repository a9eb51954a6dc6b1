package org.voco4j.pretext.catalogue;

import java.util.List;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.c2l.C2lMethod;
import org.voco4j.pretext.contrast.SimClrMethod;
import org.voco4j.pretext.genesis.ModelsGenesisMethod;
import org.voco4j.pretext.glmae.GlMaeMethod;
import org.voco4j.pretext.gvsl.GvslMethod;
import org.voco4j.pretext.jigclu.JigCluMethod;
import org.voco4j.pretext.jigsaw.JigsawMethod;
import org.voco4j.pretext.jssl.JsslMethod;
import org.voco4j.pretext.mae.MaeMethod;
import org.voco4j.pretext.masked.MaeCnnMethod;
import org.voco4j.pretext.masked.SimMimMethod;
import org.voco4j.pretext.moco.MoCoMethod;
import org.voco4j.pretext.pcrlv1.PcrlV1Method;
import org.voco4j.pretext.pcrlv2.PcrlV2Method;
import org.voco4j.pretext.positionlabel.PositionLabelMethod;
import org.voco4j.pretext.rotation.RotationMethod;
import org.voco4j.pretext.rubik.RubikMethod;
import org.voco4j.pretext.rubikpp.RubikPlusPlusMethod;
import org.voco4j.pretext.simsiam.SimSiamMethod;
import org.voco4j.pretext.swinmm.SwinMmMethod;
import org.voco4j.pretext.swinssl.SwinSslMethod;
import org.voco4j.pretext.transvw.TransVwMethod;
import org.voco4j.pretext.unimiss.UniMissMethod;
import org.voco4j.pretext.vicregl.VicRegLMethod;
import org.voco4j.pretext.voco.VoCoMethod;

/** The methods of pre-training, by their names in recipes. */
public final class Methods {
    private static final List<PretextMethod<?>> ALL = List.of(
            new VoCoMethod(),
            new RotationMethod(),
            new SimMimMethod(),
            new MaeMethod(),
            new GlMaeMethod(),
            new MaeCnnMethod(),
            new SimClrMethod(),
            new SimSiamMethod(),
            new MoCoMethod(),
            new VicRegLMethod(),
            new C2lMethod(),
            new PcrlV1Method(),
            new PcrlV2Method(),
            new JigsawMethod(),
            new ModelsGenesisMethod(),
            new RubikPlusPlusMethod(),
            new SwinSslMethod(),
            new TransVwMethod(),
            new RubikMethod(),
            new JigCluMethod(),
            new PositionLabelMethod(),
            new GvslMethod(),
            new SwinMmMethod(),
            new JsslMethod(),
            new UniMissMethod());

    private Methods() {}

    /** All methods. */
    public static List<PretextMethod<?>> all() {
        return ALL;
    }

    /**
     * A method.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static PretextMethod<?> of(String name) {
        return ALL.stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("pretext.task must be one of "
                        + String.join(
                                ", ", ALL.stream().map(PretextMethod::name).toList())
                        + ", not " + name));
    }
}
