"""The commonest words of some languages: they tell a text's language, and say nothing in a question."""

STOPWORDS: dict[str, frozenset[str]] = {
    "english": frozenset(
        """a about after all also am an and any are as at be because been before being but by can could did do does
        doing don for from had has have having he her here hers him his how i if in into is it its just me mine more
        most my no nor not now of off on once only or other our ours out over own s same she should so some such t
        than that the their theirs them then there these they this those through to too under until up very was we
        were what when where which while who whom whose why will with would you your yours ll ve re d m tell
        please""".split()
    ),
    "german": frozenset(
        """aber alle als am an auch auf aus bei bin bist da das dass dein deine dem den der des die dir doch du ein
        eine einem einen einer er es für habe haben hast hat hatte ich ihr im in ist ja kann mein meine meinem meinen
        meiner mich mir mit nach nicht noch nur oder schon sein seine sich sie sind so über um und uns unser von war
        was wann warum wenn wer werden wie wir wird wo zu zum zur heißt""".split()
    ),
    "french": frozenset(
        """à ai as au aux avec ce ces cette comme dans de des donc du elle elles en est et être eu il ils j je l la le
        les leur lui ma mais me mes moi mon n ne nos notre nous on ont ou où par pas plus pour qu quand que quel
        quelle qui quoi s sa se ses son sont sur t ta te tes toi ton tu un une vos votre vous y c d m était
        pourquoi comment""".split()
    ),
    "spanish": frozenset(
        """a al con como cómo cuál cuándo de del dónde el él ella en era es esta está este esto fue ha hay he la las le
        lo los más me mi mis mucho muy no nos nuestra nuestro o para pero por porque que qué quién se ser si sí sin
        sobre son soy su sus también te tengo tiene tu tus un una uno y ya yo""".split()
    ),
    "italian": frozenset(
        """a al alla anche ai c che chi ci come con cosa da dal dei del della di dove è e era gli ha hai ho i il in io la
        le lo ma mi mia mie miei mio nel nella noi non o per perché più quale quando quanto quello questa questo se
        sei si sono su sua suo ti tu tua tuo un una uno""".split()
    ),
    "portuguese": frozenset(
        """a ao aos as com como da das de do dos é e ela ele em era essa esse esta está este eu foi há isso já mais mas
        me meu meus minha minhas muito na não nas no nos nós o onde os ou para pela pelo por porque qual quando que
        quem se sem ser seu são sou sua também te tem tenho tu um uma você""".split()
    ),
    "dutch": frozenset(
        """aan al als ben bij dat de der deze die dit door een en er had heb hebben heeft het hij hoe ik in is je jij
        jouw kan maar mij mijn met naar niet nog nu of om ons ook op over te tot uit van voor waar waarom wanneer was
        wat we wel werd wie wij wordt ze zijn zo""".split()
    ),
    "swedish": frozenset(
        """alla att av blir de dem den det din du där efter ej eller en ett från för ha hade han hans har hon hur i inte
        jag kan man med men mig min mina mitt mycket ni nu när och om oss på sig sin som så till var vad varför vem
        vi vid är""".split()
    ),
    "polish": frozenset(
        """a ale bo być był była było co czy dla do gdzie i ich ile ja jak jaki jaka jakie jego jej jest jestem już kiedy
        kto która który ma mam mi mnie moja moje mój na nie o od po się są ta tak tam te to tu ty w we z za ze że""".split()
    ),
    "turkish": frozenset(
        """ama bana ben benim bir bu biz çok da daha de değil diye en gibi hangi için ile kadar kim mi mı mu mü nasıl ne
        neden nerede o olan sen senin şu var ve veya ya yok""".split()
    ),
    "russian": frozenset(
        """а без был была было быть в вам вас ваш во вот все всё вы где да для до его ее её если есть еще ещё же за и из
        или им их к как какая какой какие когда кого кто ли меня мне мой моя моё мои моей моего мою мы на над нас
        наш не него нет но ну о об он она они от по почему при с свой себя со так также там тебя тебе то тот ты у уже
        что чтобы это эта этот я""".split()
    ),
}

SHARED: frozenset[str] = frozenset("a d de en i in is la o on no s t me te se as do of".split())
"""Too common across languages to tell one from another."""
