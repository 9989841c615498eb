/**
 * Common passwords: the tops of public lists of leaked ones, in Portuguese and English, and words
 * of this trade. Folded as in {@link file://./password-rule.ts}: small letters, no accents, no
 * digits or signs.
 */
export const COMMON_WORDS: readonly string[] = `
password passwort passw passe pass senha senhas minhasenha novasenha senhaforte senhasegura trocar
trocasenha mudar mudarsenha mudeme change changeme alterar acesso acessar entrar login usuario user
admin administrador administrator root guest convidado teste testes test testing tester demo default
padrao inicial provisoria temporaria temporario secret secreto segredo private privado master mestre
super supervisor supervisora agente agentes operador operadora atendente atendimento telefonista gerente
gerencia diretor coordenador lider equipe monitoria qualidade treinamento suporte sistema sistemas server
servidor windows linux ubuntu microsoft office google gmail hotmail yahoo facebook instagram whatsapp
internet wifi rede computador notebook desktop teclado mouse celular telefone callcenter discador dialer
cadencia cobranca cobrancas cobrador credito creditos debito debitos divida dividas acordo acordos promessa
boleto boletos banco bancos itau bradesco santander caixa nubank financeira financeiro empresa escritorio
trabalho carteira cliente clientes contrato meta metas
qwerty qwertyuiop qwert qwertz asdfgh asdf asdfghjkl asdfg zxcvbn zxcvbnm zxcv qazwsx qazwsxedc qweasd
qweasdzxc wasd abcdef abcdefg abcdefgh abcdefghij abcd abc xyz aaaa bbbb xxxx poiuytrewq lkjhgfdsa mnbvcxz
iloveyou ilove loveyou love lover teamo euteamo amo amor amormeu meuamor amoreterno paixao saudade
princesa principe princess rainha querida querido bebe baby gatinha gatinho gata lindo linda boneca anjo
anjinho angel deus deusefiel deusemaior deusamor jesus jesuscristo jesusteama cristo senhor fedeus gloria
familia mae pai mamae papai filho filha filhos irmao irma vida vidaloka felicidade feliz sucesso vitoria
vencer vencedor amigo amiga amigos amizade liberdade esperanca estrela estrelinha sol lua ceu mar praia
flor flores rosa borboleta margarida girassol chocolate morango banana pipoca abacaxi laranja cerveja
brasil brasileiro brasileira brazil saopaulo riodejaneiro rio bahia minas recife salvador fortaleza
curitiba brasilia portugal
flamengo mengao corinthians timao palmeiras verdao saopaulofc tricolor santos santosfc vasco vascao gremio
internacional colorado cruzeiro galo atletico fluminense botafogo sport nautico futebol football soccer
futebolclube neymar ronaldo ronaldinho messi pele campeao hexa copa barcelona realmadrid
monkey dragon welcome bemvindo sunshine shadow michael jordan jennifer jessica daniel letmein batman
superman spiderman homemaranha naruto goku dragonball pokemon pikachu minecraft fortnite freefire starwars
hello ola hola freedom whatever trustno nothing nada computer killer pepper hunter hunting harley cheese
ginger cookie summer winter spring autumn verao inverno outono primavera monday friday segunda terca quarta
quinta sexta sabado domingo january janeiro fevereiro marco abril maio junho julho agosto setembro outubro
novembro dezembro natal anonovo ferias
maria jose joao antonio francisco carlos paulo pedro lucas luiz luis marcos gabriel rafael marcelo bruno
felipe eduardo rodrigo leandro fernando fernanda mariana juliana amanda bruna camila leticia patricia
adriana aline vanessa daniela gabriela rafaela beatriz larissa carolina ana anaclara isabela sophia davi
miguel arthur heitor bernardo theo enzo valentina helena alice laura manuela
porra caralho merda foda fodase buceta viado puta fuck fuckyou shit bitch asshole
`
  .trim()
  .split(/\s+/);
