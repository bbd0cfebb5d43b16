{{- define "tacho.name" -}}
{{ .Release.Name }}-aggregator
{{- end }}

{{- define "tacho.selector" -}}
app.kubernetes.io/name: tacho-aggregator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "tacho.labels" -}}
{{ include "tacho.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "tacho.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* what the pods of a node get: a container and its volumes */}}
{{- define "tacho.sidecar" -}}
containers:
  - name: agent
    image: {{ include "tacho.image" . }}
    args: [agent, --source, centrifugo, --url, "http://127.0.0.1:8000/metrics"]
    env:
      - name: TACHO_NAME
        valueFrom:
          fieldRef: {fieldPath: metadata.name}
      - {name: TACHO_REDIS, value: {{ .Values.redis.uri | quote }}}
      - {name: TACHO_NAMESPACE, value: {{ .Values.redis.namespace | quote }}}
      - {name: TACHO_PARTITIONS, value: {{ .Values.redis.partitions | quote }}}
      {{- with .Values.agent.user }}
      - {name: TACHO_REDIS_USER, value: {{ . | quote }}}
      {{- end }}
      {{- if .Values.agent.secret }}
      - {name: TACHO_REDIS_PASSWORD_FILE, value: /etc/tacho/redis-password}
      {{- end }}
    # the node is draining for as long as it may take to stop; then the agent publishes a leave message
    lifecycle:
      preStop:
        exec: {command: [sh, -c, "kill -USR1 1; sleep 5"]}
    resources:
      requests: {cpu: 20m, memory: 80Mi}
      limits: {memory: 160Mi}
    securityContext:
      runAsNonRoot: true
      runAsUser: 722
      runAsGroup: 722
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    {{- with .Values.agent.secret }}
    volumeMounts:
      - {name: tacho-secrets, mountPath: /etc/tacho, readOnly: true}
volumes:
  - name: tacho-secrets
    secret:
      secretName: {{ . }}
      # the pod needs fsGroup: 722 to read it
      defaultMode: 0440
    {{- end }}
{{- end }}
