import pytest

from graphs.models.estimate import estimate


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # Counted by Qwen 2.5's tokenizer.
        ("", 0),
        ("My dog is called Biscuit, and he is afraid of thunder.", 13),
        ("Mein Hund heißt Keks und fürchtet sich vor Gewittern. Die Geschwindigkeitsbegrenzung auf der"
         " Landstraße wurde überraschenderweise aufgehoben.", 41),
        ("我的狗叫饼干它害怕打雷。昨天我们沿着河走了十二公里。", 17),
        ("私の犬の名前はビスケットで、雷が怖いです。昨日は川沿いを十二キロ歩きました。", 29),
        ("우리 개의 이름은 비스킷이고 천둥을 무서워해요. 어제 우리는 강을 따라 걸었습니다.", 29),
        ("Мою собаку зовут Печенька, и она боится грозы.", 21),
        ("मेरे कुत्ते का नाम बिस्किट है और वह गरज से डरता है। कल हम नदी के किनारे बारह किलोमीटर चले।", 82),
        ("🐶🍪👨‍👩‍👧‍👦🏳️‍🌈⚡️ lol 😂😂😂", 24),
        ("TWVtb2NoYSBpcyBhIHNlbGYtaG9zdGVkIGNoYXRib3QgdGhhdCByZW1lbWJlcnM6IHdoYXQ=", 49),
        ("PLEASE DO NOT FORGET THE XYLOPHONE QWRTZ PSDFG", 16),
    ],
)  # fmt: skip
def test_it_is_rather_too_high_and_not_far_off(text: str, tokens: int) -> None:
    assert tokens <= estimate(text) <= 2.5 * tokens
