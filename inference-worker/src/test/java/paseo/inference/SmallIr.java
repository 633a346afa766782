package paseo.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A network in OpenVINO's intermediate representation that a test can compute by hand: PReLU(x * 2) with slope -0.5 per
 * channel, on an input of 1 x 3 x 4 x 4, then the mean of each channel, as 1 x 3.
 */
final class SmallIr {
    static final byte[] XML =
            """
            <?xml version="1.0"?>
            <net name="small" version="10"><layers>
            <layer id="0" name="in" type="Parameter" version="opset1"><data element_type="f32" shape="1,3,4,4"/>
            <output><port id="0">%1$s</port></output></layer>
            <layer id="1" name="two" type="Const" version="opset1">
            <data element_type="f16" offset="0" shape="1,1,1,1" size="2"/>
            <output><port id="1"><dim>1</dim><dim>1</dim><dim>1</dim><dim>1</dim></port></output></layer>
            <layer id="2" name="doubled" type="Multiply" version="opset1">
            <input><port id="0">%1$s</port><port id="1"/></input><output><port id="2">%1$s</port></output></layer>
            <layer id="3" name="slope" type="Const" version="opset1">
            <data element_type="f16" offset="2" shape="3" size="6"/><output><port id="1"><dim>3</dim></port></output></layer>
            <layer id="4" name="bent" type="PReLU" version="opset1">
            <input><port id="0">%1$s</port><port id="1"/></input><output><port id="2">%1$s</port></output></layer>
            <layer id="5" name="mean" type="AvgPool" version="opset1">
            <data auto_pad="explicit" exclude-pad="true" kernel="4,4" pads_begin="0,0" pads_end="0,0"
             rounding_type="floor" strides="1,1"/>
            <input><port id="0">%1$s</port></input>
            <output><port id="1"><dim>1</dim><dim>3</dim><dim>1</dim><dim>1</dim></port></output></layer>
            <layer id="6" name="shape" type="Const" version="opset1">
            <data element_type="i64" offset="8" shape="2" size="16"/><output><port id="1"><dim>2</dim></port></output></layer>
            <layer id="7" name="flat/mean" type="Reshape" version="opset1">
            <input><port id="0"/><port id="1"/></input>
            <output><port id="2"><dim>1</dim><dim>3</dim></port></output></layer>
            <layer id="8" name="out" type="Result" version="opset1"><input><port id="0"/></input></layer>
            </layers><edges>
            <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
            <edge from-layer="1" from-port="1" to-layer="2" to-port="1"/>
            <edge from-layer="2" from-port="2" to-layer="4" to-port="0"/>
            <edge from-layer="3" from-port="1" to-layer="4" to-port="1"/>
            <edge from-layer="4" from-port="2" to-layer="5" to-port="0"/>
            <edge from-layer="5" from-port="1" to-layer="7" to-port="0"/>
            <edge from-layer="6" from-port="1" to-layer="7" to-port="1"/>
            <edge from-layer="7" from-port="2" to-layer="8" to-port="0"/>
            </edges></net>
            """.formatted("<dim>1</dim><dim>3</dim><dim>4</dim><dim>4</dim>").getBytes(StandardCharsets.UTF_8);

    private SmallIr() {}

    /** 2 and -0.5, -0.5, -0.5 in half precision, then the shape. */
    static byte[] bin() {
        ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) 0x4000);
        for (int i = 0; i < 3; i++) {
            bytes.putShort((short) 0xb800);
        }
        bytes.putLong(1).putLong(3);
        return bytes.array();
    }
}
