import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.util.encoders.Hex;

/** What stands in a message, without judging it. Values that have structure come as the hex of their DER. */
final class Dump {
    static String message(Request request) throws Exception {
        var message = new CMSSignedData(request.bytes("message"));
        var signed = SignedData.getInstance(message.toASN1Structure().getContent());
        var signers = new ArrayList<String>();
        for (ASN1Encodable info : signed.getSignerInfos()) signers.add(signer(SignerInfo.getInstance(info)));
        var digests = new ArrayList<String>();
        for (ASN1Encodable id : signed.getDigestAlgorithms()) digests.add(algorithm(AlgorithmIdentifier.getInstance(id)));
        var subjects = message.getCertificates().getMatches(null).stream().map(c -> c.getSubject().toString()).toList();
        return Json.object(
            "version", signed.getVersion().toString(),
            "digestAlgorithms", Json.array(digests),
            "eContentType", Json.string(message.getSignedContentTypeOID()),
            "detached", String.valueOf(message.isDetachedSignature()),
            "certificates", Json.strings(subjects),
            "signers", Json.array(signers));
    }

    private static String signer(SignerInfo info) throws IOException {
        return Json.object(
            "version", info.getVersion().toString(),
            "sid", Json.string(info.getSID().isTagged() ? "subjectKeyIdentifier" : "issuerAndSerialNumber"),
            "digestAlgorithm", algorithm(info.getDigestAlgorithm()),
            "signatureAlgorithm", algorithm(info.getDigestEncryptionAlgorithm()),
            "signedAttrs", Json.array(attributes(info.getAuthenticatedAttributes())),
            "unsignedAttrs", Json.array(attributes(info.getUnauthenticatedAttributes())),
            "signature", hex(info.getEncryptedDigest().getOctets()));
    }

    private static String algorithm(AlgorithmIdentifier id) throws IOException {
        ASN1Encodable parameters = id.getParameters();
        return Json.object(
            "oid", Json.string(id.getAlgorithm().getId()),
            "parameters", parameters == null ? "null" : hex(parameters.toASN1Primitive().getEncoded(ASN1Encoding.DER)));
    }

    /** In the message's order. */
    private static List<String> attributes(ASN1Set set) throws IOException {
        var found = new ArrayList<String>();
        if (set == null) return found;
        for (ASN1Encodable element : set) {
            var attribute = Attribute.getInstance(element);
            var values = new ArrayList<String>();
            for (ASN1Encodable value : attribute.getAttributeValues()) {
                values.add(hex(value.toASN1Primitive().getEncoded(ASN1Encoding.DER)));
            }
            found.add(Json.object("oid", Json.string(attribute.getAttrType().getId()), "values", Json.array(values)));
        }
        return found;
    }

    private static String hex(byte[] data) {
        return Json.string(Hex.toHexString(data));
    }
}
